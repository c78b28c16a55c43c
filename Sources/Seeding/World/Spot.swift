/// A position in millionths of a degree.
///
/// Whole numbers: floating point would depend on the machine's mathematics.
struct Spot: Sendable, Hashable {
    let longitude: Int
    let latitude: Int

    /// A position near this one: within about 20 km.
    func near(_ draw: Draw) -> Spot {
        Spot(
            longitude: longitude + draw.within(-180_000...180_000),
            latitude: latitude + draw.again.within(-180_000...180_000))
    }

    /// A position on the way to another one, so many of so many steps.
    func towards(_ end: Spot, _ step: Int, of steps: Int) -> Spot {
        Spot(
            longitude: longitude + (end.longitude - longitude) * step / steps,
            latitude: latitude + (end.latitude - latitude) * step / steps)
    }

    /// The way by road in metres: the straight line and a quarter.
    func road(to end: Spot) -> Int {
        // A degree of latitude is 111,195 m; one of longitude is that times the cosine, here 1 - x² / 6566 for x degrees.
        let degrees = (latitude + end.latitude) / 2_000_000
        let cosine = 1_000 - degrees * degrees * 1_000 / 6_566
        let north = (end.latitude - latitude) * 111_195 / 1_000_000
        let east = (end.longitude - longitude) * 111_195 / 1_000_000 * cosine / 1_000
        return Spot.root(north * north + east * east) * 5 / 4
    }

    /// The whole part of a square root.
    static func root(_ square: Int) -> Int {
        guard square > 1 else { return square }
        var guess = 1 << ((Int.bitWidth - square.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (guess + square / guess) / 2
            if next >= guess { return guess }
            guess = next
        }
    }
}

/// A town with its position.
struct Town: Sendable {
    let name: String
    let state: String
    let spot: Spot

    init(_ name: String, _ state: String, _ longitude: Int, _ latitude: Int) {
        self.name = name
        self.state = state
        spot = Spot(longitude: longitude * 100, latitude: latitude * 100)
    }
}
