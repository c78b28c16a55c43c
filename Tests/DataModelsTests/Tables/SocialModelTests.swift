import DataModels
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Models of the community", .tags(.server))
struct SocialModelTests {
    static let models: [any KeyedModel.Type] = [
        SocialGroup.self, SocialGroupMember.self, SocialPost.self, PostVote.self, PostComment.self, UserFriendship.self,
    ]

    @Test(.appDatabase) func `groups and their members, whose key has two columns`() async throws {
        let bench = try await ModelBench()
        let (owner, member) = (try await bench.newUser(), try await bench.newUser())
        try await bench.live(SocialGroup.Insert(name: "Grey nomads", ownerID: owner)) {
            $0.privacy = .set(.private)
            $0.name = .set("Nomads")
        } null: {
            $0.ownerID = .null
            $0.privacy = .null
        }
        let group = try await bench.insert(SocialGroup.Insert(name: "Vans"))
        let life = try await bench.live(SocialGroupMember.Insert(groupID: group.id, userID: member)) {
            $0.role = .set(.moderator)
            $0.userID = .set(owner)
        } null: {
            $0.role = .null
        }
        #expect(life.inserted.key == SocialGroupMember.Key(groupID: group.id, userID: member))
        #expect(life.inserted.role == .member && life.set.key.userID == owner)
        #expect(life.inserted.key.fields.map(\.column) == ["group_id", "user_id"])
    }

    @Test(.appDatabase) func `posts with votes and comments`() async throws {
        let bench = try await ModelBench()
        let (author, reader) = (try await bench.newUser(), try await bench.newUser())
        let life = try await bench.live(SocialPost.Insert(userID: author, content: "Hello")) {
            $0.status = .set(.hidden)
            $0.location = .set(.profile)
        } null: {
            $0.status = .null
            $0.upvotes = .null
        }
        #expect(life.inserted.status == .approved && life.inserted.location == .feed && life.inserted.upvotes == 0)
        let post = try await bench.insert(SocialPost.Insert(userID: author, content: "Second"))
        let vote = try await bench.live(PostVote.Insert(postID: post.id, userID: reader, voteType: true)) {
            $0.voteType = .set(false)
        } null: {
            $0.createdAt = .null
        }
        #expect(vote.inserted.voteType && !vote.set.voteType)
        try await bench.live(PostComment.Insert(postID: post.id, userID: reader, content: "Nice")) {
            $0.content = .set("Very nice")
        }
    }

    @Test(.appDatabase) func `friendships`() async throws {
        let bench = try await ModelBench()
        let (one, other) = (try await bench.newUser(), try await bench.newUser())
        let life = try await bench.live(UserFriendship.Insert(requesterID: one, addresseeID: other)) {
            $0.status = .set(.blocked)
        } null: {
            $0.status = .null
            $0.addresseeID = .null
        }
        #expect(life.inserted.status == .pending)
    }
}
