import DataModels
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Models of trips and vehicles", .tags(.server))
struct TripModelTests {
    static let models: [any KeyedModel.Type] = [
        UserTrip.self, TripRoute.self, TripWaypoint.self, TripExpense.self, TripTemplate.self, TripTemplateRating.self,
        GroupTrip.self, GroupTripParticipant.self, CampingLocation.self, Vehicle.self, FuelLog.self,
        MaintenanceRecord.self,
    ]

    @Test(.appDatabase) func `trips with routes, stops and costs`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let trip = try await bench.live(
            UserTrip.Insert(
                userID: user, title: "The Big Lap", startDate: day(2026, 3, 1),
                totalBudget: PostgresNumeric(5_000_000, scale: 2))
        ) {
            $0.status = .set(.active)
            $0.endDate = .set(day(2027, 3, 1))
            $0.metadata = .set(#"{"route_data": [144.9631, -37.8136]}"#)
        } null: {
            $0.endDate = .null
            $0.totalBudget = .null
        }
        #expect(trip.inserted.status == .planning && trip.inserted.totalBudget?.postgresText == "50000.00")
        let kept = try await bench.insert(UserTrip.Insert(userID: user, title: "Coast"))
        let melbourne = PostgresPoint(longitude: 144.9631, latitude: -37.8136)
        let route = try await bench.live(
            TripRoute.Insert(tripID: kept.id, userID: user, routeName: "Day 1", startLocation: melbourne)
        ) {
            $0.distanceKm = .set(PostgresNumeric(24_350, scale: 2))
            $0.routeOrder = .set(2)
        } null: {
            $0.startLocation = .null
            $0.tripID = .null
        }
        #expect(route.inserted.startLocation == melbourne && route.set.distanceKm?.postgresText == "243.50")
        let first = try await bench.insert(TripRoute.Insert(userID: user, routeName: "Day 2"))
        let stop = try await bench.live(
            TripWaypoint.Insert(routeID: first.id, userID: user, name: "Geelong", location: melbourne, waypointOrder: 1)
        ) {
            $0.waypointType = .set(.gasStation)
            $0.location = .set(PostgresPoint(longitude: 144.3601, latitude: -38.15))
            $0.rating = .set(5)
        } null: {
            $0.rating = .null
            $0.waypointType = .null
        }
        #expect(stop.inserted.waypointType == .stop && stop.set.location.y == -38.15)
        let cost = try await bench.live(
            TripExpense.Insert(
                tripID: kept.id, userID: user, category: .fuel, amount: PostgresNumeric(9_999, scale: 2),
                expenseDate: day(2026, 3, 2), tags: ["a b", "c"])
        ) {
            $0.category = .set(.lodging)
            $0.tags = .set([])
        } null: {
            $0.tags = .null
        }
        #expect(cost.inserted.amount.postgresText == "99.99" && cost.set.tags?.isEmpty == true)
    }

    @Test(.appDatabase) func `templates, ratings and camp sites`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let life = try await bench.live(TripTemplate.Insert(name: "Great Ocean Road Classic")) {
            $0.tags = .set(["coast"])
            $0.isPublic = .set(true)
            $0.status = .set(.archived)
        } null: {
            $0.status = .null
        }
        #expect(life.inserted.tags == [] && life.inserted.templateData == "{}" && !life.inserted.isPublic)
        let template = try await bench.insert(TripTemplate.Insert(userID: user, name: "Nullarbor", isPublic: true))
        let rating = try await bench.live(
            TripTemplateRating.Insert(templateID: template.id, userID: user, rating: 4)
        ) {
            $0.rating = .set(5)
        } null: {
            $0.templateID = .null
        }
        #expect(rating.inserted.rating == 4)
        let site = try await bench.live(
            CampingLocation.Insert(
                name: "Beach", type: "beachfront", latitude: PostgresNumeric(-3_387_000_000, scale: 8),
                longitude: PostgresNumeric(15_121_000_000, scale: 8), userRatings: PostgresNumeric(450, scale: 2))
        ) {
            $0.pricePerNight = .set(0)
            $0.isFree = .set(true)
            $0.amenities = .set(#"{"toilets": true}"#)
        } null: {
            $0.userRatings = .null
        }
        #expect(
            site.inserted.latitude.postgresText == "-33.87000000" && site.inserted.userRatings?.postgresText == "4.50")
        #expect(site.set.pricePerNight?.postgresText == "0.00")
    }

    @Test(.appDatabase) func `group trips and who comes along`() async throws {
        let bench = try await ModelBench()
        let (maker, guest) = (try await bench.newUser(), try await bench.newUser())
        let trip = try await bench.insert(GroupTrip.Insert(createdBy: maker, tripName: "Together"))
        let participant = try await bench.live(GroupTripParticipant.Insert(tripID: trip.id, userID: guest)) {
            $0.status = .set(.accepted)
        } null: {
            $0.joinedAt = .null
        }
        #expect(participant.inserted.role == .participant && participant.inserted.status == .invited)
        try await bench.live(GroupTrip.Insert(createdBy: maker, tripName: "Red Centre", routeData: "[]")) {
            $0.status = .set(.completed)
            $0.startDate = .set(.negativeInfinity)
        } null: {
            $0.routeData = .null
        }
    }

    @Test(.appDatabase) func `vehicles, fuel and maintenance`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let vehicle = try await bench.live(
            Vehicle.Insert(
                userID: user, name: "Van", year: 2_019, vehicleType: .set(.travelTrailer), imageURLs: [nil, "x"])
        ) {
            $0.fuelType = .set(.diesel)
            $0.fuelConsumptionLPer100km = .set(PostgresNumeric(1_150, scale: 2))
            $0.fuelConsumptionSource = .set(.userProvided)
        } null: {
            $0.imageURLs = .null
            $0.year = .null
        }
        #expect(vehicle.inserted.vehicleType == .travelTrailer && vehicle.inserted.imageURLs?.elements == [nil, "x"])
        let kept = try await bench.insert(Vehicle.Insert(userID: user, name: "Car"))
        let fuel = try await bench.live(
            FuelLog.Insert(
                userID: user, vehicleID: kept.id, date: day(2026, 1, 2), volume: PostgresNumeric(45_123, scale: 3))
        ) {
            $0.total = .set(PostgresNumeric(7_445, scale: 2))
            $0.filledToTop = .set(false)
        } null: {
            $0.vehicleID = .null
            $0.volume = .null
        }
        #expect(fuel.inserted.id == 1 && fuel.inserted.volume?.postgresText == "45.123")
        try await bench.live(
            MaintenanceRecord.Insert(userID: user, task: "Oil Change", date: day(2026, 1, 3), mileage: 50_000)
        ) {
            $0.status = .set(.dueSoon)
            $0.mileage = .set(.max)
        } null: {
            $0.status = .null
        }
    }
}
