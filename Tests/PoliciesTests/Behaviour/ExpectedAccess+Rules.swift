extension ExpectedAccess {
    /// The rules of the app.
    ///
    /// A line is for one person, or for every user without a line of their own. Nobody else has any right: anon has none
    /// without a line, the service role all. Words: `-` there is no grant, `none` no row, `own` the person's own rows,
    /// `all` every row, else the labels of rows; `.` there is no such thing to try. `move` gives a row to somebody else.
    static let rules = """
        # relation                who     read                  insert          update          move  delete
        # Identity
        profiles                  user    own                   own             own             none  -
        profiles                  admin   all                   own             all             all   -
        user_settings             user    own                   own             own             none  own
        admin_users               user    own                   none            none            none  none
        admin_users               admin   all                   a,b,guest       all             all   all
        user_subscriptions        user    own                   -               -               -     -
        user_active_sessions      user    own                   own             own             none  own
        system_settings           user    all                   none            none            .     none
        system_settings           admin   all                   all             all             .     all
        audit_logs                user    own                   -               -               -     -
        audit_logs                admin   all                   -               -               -     -

        # Trips
        user_trips                user    own,open              own             own             none  own
        user_trips                guest   own,open,friends      own             own             none  own
        trip_routes               user    own                   own             own             none  own
        trip_waypoints            user    own                   own             own             none  own
        trip_expenses             user    own                   own             own             none  own
        trip_templates            anon    open,system           -               -               -     -
        trip_templates            user    own,open,system       own             own             none  own
        trip_templates            admin   all                   all             all             all   all
        trip_template_ratings     user    all                   own             own             none  own
        group_trips               user    own                   own             own             none  own
        group_trips               guest   own,a                 own             own             none  own
        group_trips               admin   own,a                 own             own             none  own
        group_trip_participants   A       own,joined,invited    own,joined,invited  own         -     own,joined,invited
        group_trip_participants   B       own                   own             own             -     own
        group_trip_participants   guest   own,a,invited         guest           own             -     own
        group_trip_participants   admin   own,a,joined          admin           own             -     own
        camping_locations         user    all                   none            none            .     none
        camping_locations         admin   all                   all             all             .     all

        # Vehicles and money
        vehicles                  user    own                   own             own             none  own
        fuel_log                  user    own                   own             own             none  own
        maintenance_records       user    own                   own             own             none  own
        expenses                  user    own                   own             own             none  own
        budgets                   user    own                   own             own             none  own
        income_entries            user    own                   own             own             none  own
        transaction_categories    user    all                   none            none            .     none
        transaction_categories    admin   all                   all             all             .     all
        anonymized_transactions   user    own                   own             own             none  own
        pam_savings_events        user    own                   own             own             none  own

        # PAM
        pam_conversations         user    own                   own             own             none  own
        pam_messages              user    own                   own             -               -     -
        pam_conversation_memory   user    own                   own             own             none  own
        pam_user_context          user    own                   own             own             none  own
        memories                  user    own                   own             own             none  own
        pam_analytics_logs        user    own                   own             -               -     -
        pam_analytics_logs        admin   all                   own             -               -     -
        agent_logs                user    own                   own             -               -     -
        agent_logs                admin   all                   own             -               -     -

        # Groups, posts, friends
        social_groups             user    own,open              own             own             -     own
        social_groups             guest   own,open,a            own             own             -     own
        social_group_members      A       all                   all             all             -     all
        social_group_members      B       own,inactive          own             own             -     own
        social_group_members      guest   own                   none            own             -     own
        social_group_members      admin   own                   own             own             -     none
        social_posts              user    own,approved          own             own             -     own
        social_posts              guest   own,approved,grouped  own             own             -     own
        social_posts              admin   all                   own             own             -     all
        post_votes                A       all                   own             own             none  own
        post_votes                B       a,b,guest,admin       own             own             none  own
        post_votes                guest   a,b,guest,admin,grouped  own          own             none  own
        post_votes                admin   all                   own             own             none  own
        post_comments             A       all                   own             own             none  own
        post_comments             B       a,b,guest,admin       own             own             none  own
        post_comments             guest   a,b,guest,admin,grouped  own          own             none  own
        post_comments             admin   all                   own             own             none  own
        user_friendships          A       friends,asked         friends         asked           -     friends,asked
        user_friendships          B       asked,blocked         asked           asked,blocked   -     asked,blocked
        user_friendships          guest   friends               none            friends         -     friends
        user_friendships          admin   blocked               blocked         none            -     none

        # Shop and market
        marketplace_listings      user    own,active,approved   own             own             -     own
        marketplace_listings      admin   all                   own             own             -     all
        affiliate_products        anon    sale                  -               -               .     -
        affiliate_products        user    sale                  none            none            .     none
        affiliate_products        admin   all                   all             all             .     all
        affiliate_product_clicks  user    none                  own,nameless    -               -     -
        affiliate_product_clicks  admin   all                   own,nameless    -               -     -
        affiliate_sales           user    own                   -               -               -     -

        # Calendar, support, health, statistics, what is made for a while
        calendar_events           user    own                   own             own             none  own
        support_tickets           user    own                   own             none            -     -
        support_tickets           admin   all                   own             all             -     -
        health_check              user    all                   -               -               .     -
        health_check_history      user    none                  -               -               .     -
        health_check_history      admin   all                   -               -               .     -
        health_check_alerts       user    none                  -               -               .     -
        health_check_alerts       admin   all                   -               -               .     -
        usage_events              user    own                   own             -               -     -
        usage_events              admin   all                   own             -               -     -
        daily_usage_stats         user    none                  -               -               .     -
        daily_usage_stats         admin   all                   -               -               .     -
        user_activity             user    own                   -               -               -     -
        analytics_sessions        user    own                   -               -               -     -
        audio_cache               user    -                     -               -               .     -
        active_recommendations    user    own                   -               own             -     own

        # Views
        budget_summary            user    own                   .               .               .     .
        budget_utilization        user    own                   .               .               .     .
        latest_camping_updates    user    site                  .               .               .     .
        latest_camping_updates    service site                  .               .               .     .
        public_profiles           user    a,b,guest,admin       .               .               .     .
        public_profiles           service a,b,guest,admin       .               .               .     .
        user_savings_summary      user    own                   .               .               .     .

        # Files: the platform grants, policies decide
        storage.objects           anon    none                  none            none            none  none
        storage.objects           user    own                   own             own             none  own
        """
}
