/// The tables that rows of other tables refer to.
extension SeedTable.Place {
    static let userTrips = Self("user_trips")
    static let tripRoutes = Self("trip_routes")
    static let tripTemplates = Self("trip_templates")
    static let groupTrips = Self("group_trips")
    static let vehicles = Self("vehicles")
    static let conversations = Self("pam_conversations")
    static let socialGroups = Self("social_groups")
    static let socialPosts = Self("social_posts")
    static let affiliateProducts = Self("affiliate_products")
    /// Sessions of PAM, which have no table: their ids are like rows' ids.
    static let assistantSessions = Self("pam_sessions")
}
