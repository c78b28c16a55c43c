/// A region of the app: what people there pay with, measure in, and where they drive.
struct Region: Sendable {
    let name: String
    let currency: String
    /// The country code of regional prices.
    let country: String
    let usesMiles: Bool
    let timezone: String
    let dateFormat: String
    /// Fuel brands, and what a litre costs in thousandths.
    let fuel: [String]
    let litre: Int
    /// Towns in driving order; the road goes on from the last to the first.
    let towns: [Town]

    /// The regions by how many of a hundred people live in each.
    static func of(_ draw: Draw) -> Region {
        let percent = draw.below(100)
        return all[percent < 55 ? 0 : percent < 65 ? 1 : percent < 82 ? 2 : percent < 90 ? 3 : percent < 96 ? 4 : 5]
    }

    static let all = [australia, newZealand, unitedStates, canada, unitedKingdom, elsewhere]

    static let australia = Region(
        name: "Australia", currency: "AUD", country: "AU", usesMiles: false, timezone: "Australia/Sydney",
        dateFormat: "DD/MM/YYYY", fuel: ["Shell", "BP", "Caltex", "7-Eleven", "United"], litre: 1_650,
        towns: [
            Town("Melbourne", "Victoria", 1_449_631, -378_136), Town("Geelong", "Victoria", 1_443_601, -381_500),
            Town("Torquay", "Victoria", 1_443_266, -383_302), Town("Apollo Bay", "Victoria", 1_436_697, -387_568),
            Town("Port Campbell", "Victoria", 1_429_820, -386_267),
            Town("Adelaide", "South Australia", 1_386_007, -349_285),
            Town("Port Augusta", "South Australia", 1_377_669, -324_936),
            Town("Coober Pedy", "South Australia", 1_347_555, -290_135),
            Town("Alice Springs", "Northern Territory", 1_338_807, -236_980),
            Town("Yulara", "Northern Territory", 1_309_889, -252_406),
            Town("Katherine", "Northern Territory", 1_322_700, -144_652),
            Town("Darwin", "Northern Territory", 1_308_456, -124_634),
            Town("Broome", "Western Australia", 1_222_359, -179_614),
            Town("Exmouth", "Western Australia", 1_141_240, -219_323),
            Town("Perth", "Western Australia", 1_158_605, -319_505),
            Town("Esperance", "Western Australia", 1_218_914, -338_613),
            Town("Hobart", "Tasmania", 1_473_272, -428_821), Town("Strahan", "Tasmania", 1_453_294, -421_525),
            Town("Launceston", "Tasmania", 1_471_440, -414_332),
            Town("Sydney", "New South Wales", 1_512_093, -338_688),
            Town("Katoomba", "New South Wales", 1_503_120, -337_150),
            Town("Byron Bay", "New South Wales", 1_536_020, -286_474),
            Town("Brisbane", "Queensland", 1_530_251, -274_698), Town("Longreach", "Queensland", 1_442_500, -234_419),
            Town("Cairns", "Queensland", 1_457_781, -169_186),
        ])

    static let newZealand = Region(
        name: "New Zealand", currency: "NZD", country: "NZ", usesMiles: false, timezone: "Pacific/Auckland",
        dateFormat: "DD/MM/YYYY", fuel: ["Z", "BP", "Mobil", "Gull"], litre: 2_680,
        towns: [
            Town("Auckland", "Auckland", 1_747_633, -368_485), Town("Rotorua", "Bay of Plenty", 1_762_497, -381_368),
            Town("Wellington", "Wellington", 1_747_762, -412_865),
            Town("Kaikoura", "Canterbury", 1_736_814, -424_008),
            Town("Christchurch", "Canterbury", 1_726_362, -435_321), Town("Queenstown", "Otago", 1_686_626, -450_312),
        ])

    static let unitedStates = Region(
        name: "United States", currency: "USD", country: "US", usesMiles: true, timezone: "America/Denver",
        dateFormat: "MM/DD/YYYY", fuel: ["Shell", "Chevron", "Exxon", "Costco"], litre: 930,
        towns: [
            Town("San Diego", "California", -1_171_611, 327_157), Town("Flagstaff", "Arizona", -1_116_513, 351_983),
            Town("Moab", "Utah", -1_095_498, 385_733), Town("Denver", "Colorado", -1_049_903, 397_392),
            Town("Santa Fe", "New Mexico", -1_059_378, 356_870), Town("Austin", "Texas", -977_431, 302_672),
            Town("Asheville", "North Carolina", -825_515, 355_951),
        ])

    static let canada = Region(
        name: "Canada", currency: "CAD", country: "CA", usesMiles: false, timezone: "America/Vancouver",
        dateFormat: "YYYY-MM-DD", fuel: ["Petro-Canada", "Esso", "Shell"], litre: 1_560,
        towns: [
            Town("Vancouver", "British Columbia", -1_231_207, 492_827),
            Town("Kamloops", "British Columbia", -1_203_273, 506_745),
            Town("Jasper", "Alberta", -1_180_814, 528_737), Town("Banff", "Alberta", -1_155_708, 511_784),
            Town("Calgary", "Alberta", -1_140_719, 510_447),
        ])

    static let unitedKingdom = Region(
        name: "United Kingdom", currency: "GBP", country: "GB", usesMiles: true, timezone: "Europe/London",
        dateFormat: "DD/MM/YYYY", fuel: ["Shell", "BP", "Tesco"], litre: 1_420,
        towns: [
            Town("London", "England", -1_276, 515_072), Town("Bath", "England", -23_590, 513_811),
            Town("Keswick", "England", -31_340, 546_013), Town("Glencoe", "Scotland", -51_023, 566_826),
            Town("Inverness", "Scotland", -42_247, 574_778),
        ])

    static let elsewhere = Region(
        name: "Rest of the World", currency: "USD", country: "US", usesMiles: false, timezone: "UTC",
        dateFormat: "YYYY-MM-DD", fuel: ["Shell", "Total", "Repsol"], litre: 1_700,
        towns: [
            Town("Lisbon", "Portugal", -91_393, 387_223), Town("Granada", "Spain", -35_986, 371_773),
            Town("Annecy", "France", 61_296, 458_992), Town("Bolzano", "Italy", 113_548, 464_983),
        ])
}
