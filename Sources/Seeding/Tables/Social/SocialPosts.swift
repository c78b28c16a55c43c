extension SeedTable {
    /// What users write, with the counters that triggers keep.
    static let socialPosts = SeedTable(
        "social_posts", .uuid(), bytesPerRow: 370, counters: Posts.counters, Population(Posts.count)
    ) { row in
        let post = Posts(row.key)
        row.id()
        row.owner()
        row.text("content", post.text)
        row.text("image_url", "https://images.seed.example/posts/", number: row.key.first, null: 60)
        row.text("video_url", "https://images.seed.example/videos/", number: row.key.first, null: 92)
        row.text("status", post.status, null: .bare)
        row.text("location", post.group != nil ? "group" : row.key.first % 4 == 3 ? "profile" : "feed", null: .bare)
        row.reference("group_id", .socialGroups, post.group, null: .bare)
        row.int("upvotes", post.upvotes, null: .bare)
        row.int("downvotes", Posts.votes(row.key) - post.upvotes, null: .bare)
        row.int("comments_count", Posts.comments(row.key), null: .bare)
        row.int("comment_count", Posts.comments(row.key), null: .bare)
        row.moment("created_at", post.created, null: .bare)
    }

    /// One vote of a user on a post.
    static let postVotes = SeedTable("post_votes", .uuid(), bytesPerRow: 190, Population(Posts.count, Posts.votes)) {
        row in
        let post = Posts(row.key)
        let moment = post.created + 60 * row.draw("minutes later").within(2...4_000)
        row.id()
        row.reference("post_id", .socialPosts, row.key.upTo(1))
        row.reference("user_id", .users, RowKey(Person.distinct(row.key.second, post.voters, with: row.key.owner)))
        row.bool("vote_type", Posts.isUp(row.key))
        row.moment("created_at", moment, null: 3)
    }

    /// Comments under posts.
    static let postComments = SeedTable(
        "post_comments", .uuid(), bytesPerRow: 200, Population(Posts.count, Posts.comments)
    ) { row in
        let moment = Posts(row.key).created + 60 * row.draw("minutes later").within(5...9_000)
        row.id()
        row.reference("post_id", .socialPosts, row.key.upTo(1))
        row.reference("user_id", .users, RowKey(Person.other(than: row.key.owner, row.draw("who"))))
        row.pick("content", Words.commentTexts)
        row.moment("created_at", moment)
        row.moment("updated_at", moment)
    }
}

/// A post, as its votes and comments see it.
struct Posts: Sendable {
    let key: RowKey

    init(_ key: RowKey) { self.key = key.upTo(1) }

    static let counters: [SeedTable.Counter] = {
        let votes = "(select pg_catalog.count(*) from public.post_votes v where v.post_id = t.id and"
        let comments = "(select pg_catalog.count(*) from public.post_comments c where c.post_id = t.id)"
        return [
            .init(column: "upvotes", expression: "\(votes) v.vote_type)"),
            .init(column: "downvotes", expression: "\(votes) not v.vote_type)"),
            .init(column: "comments_count", expression: comments),
            .init(column: "comment_count", expression: comments),
        ]
    }()

    private static let voices = Stream("post_votes user_id")
    private static let ups = Stream("post_votes vote_type")
    private static let talks = Stream("post_comments count")
    private static let days = Stream("social_posts created_at")

    static let count: Population.Count = { (Person.level($0.owner) * 2 + 2) / 3 }

    /// Nobody votes on the posts of the user who leaves everything out: their counters are NULL.
    static let votes: Population.Count = { key in
        key.owner == Cast.bare ? 0 : min(voices(key.upTo(1)).below(9), Person.choice(with: key.owner))
    }
    static let comments: Population.Count = { $0.owner == Cast.bare ? 0 : talks($0.upTo(1)).below(5) }

    static func isUp(_ key: RowKey) -> Bool { ups(key).chance(80) }

    var voters: Draw { Posts.voices(key).again }
    var upvotes: Int { (0..<Posts.votes(key)).count { Posts.isUp(key.below($0, step: 2)) } }
    var created: Moment { (Day.today - Posts.days(key).within(8...300)).at(Posts.days(key).again) }
    var text: String { Posts.talks(key).again.pick(Words.postTexts) }
    /// Every other post of somebody with a group goes there.
    var group: RowKey? { key.first % 2 == 1 && Groups.count(key.upTo(0)) > 0 ? RowKey(key.owner) : nil }
    var status: String {
        ["approved", "approved", "approved", "pending", "approved", "hidden", "approved", "rejected"][
            (key.owner + key.first) % 8]
    }
}
