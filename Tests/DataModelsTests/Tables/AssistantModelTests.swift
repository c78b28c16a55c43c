import DataModels
import Foundation
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Models of the assistant", .tags(.server))
struct AssistantModelTests {
    static let models: [any KeyedModel.Type] = [
        PamConversation.self, PamMessage.self, PamConversationMemory.self, PamUserContext.self, Memory.self,
        PamAnalyticsLog.self, AgentLog.self, ActiveRecommendation.self, AudioCache.self,
    ]

    @Test(.appDatabase) func `conversations, messages and what is remembered of them`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        try await bench.live(PamConversation.Insert(userID: user, sessionID: "s")) {
            $0.messageCount = .set(.min)
            $0.title = .set("Größe\nzwei")
        } null: {
            $0.title = .null
            $0.context = .null
        }
        let conversation = try await bench.insert(PamConversation.Insert(userID: user, sessionID: "t"))
        let message = try await bench.live(
            PamMessage.Insert(
                conversationID: conversation.id, role: .user, content: "Where to?",
                confidence: PostgresNumeric(95, scale: 2))
        ) {
            $0.role = .set(.system)
            $0.entities = .set(#"[{"place": "Geelong"}]"#)
        } null: {
            $0.confidence = .null
        }
        #expect(message.inserted.role == .user && message.inserted.confidence?.postgresText == "0.95")
        let memory = try await bench.live(
            PamConversationMemory.Insert(userID: user, sessionID: UUID(), messageSequence: 1, followUpNeeded: true)
        ) {
            $0.responseQuality = .set(PostgresNumeric(1, scale: 40))
            $0.expiresAt = .set(instant("0044-03-15 12:00:00+00 BC"))
        } null: {
            $0.followUpNeeded = .null
        }
        #expect(memory.set.expiresAt?.postgresText == "0044-03-15 12:00:00+00 BC")
        #expect(memory.set.responseQuality?.scale == 40)
    }

    @Test(.appDatabase) func `context and memories with their embeddings`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let context = try await bench.live(
            PamUserContext.Insert(userID: user, contextData: "{}", recentIntents: ["a,b", "{c}"])
        ) {
            $0.contextData = .set(#"{"n": 1.00}"#)
            $0.activeTripID = .set(UUID())
        } null: {
            $0.recentIntents = .null
        }
        #expect(context.inserted.recentIntents == ["a,b", "{c}"] && context.set.contextData == #"{"n": 1.00}"#)
        var numbers = (0..<1_536).map { Float($0) / 7 - 100 }
        numbers[0] = .greatestFiniteMagnitude
        numbers[1] = .leastNonzeroMagnitude
        let embedding = PostgresArray(numbers)
        let life = try await bench.live(
            Memory.Insert(userID: user, content: "likes the sea", memoryType: .preference, embedding: embedding)
        ) {
            $0.importanceScore = .set(0.1)
            $0.memoryType = .set(.fact)
        } null: {
            $0.embedding = .null
            $0.importanceScore = .null
        }
        #expect(life.inserted.embedding == embedding && life.inserted.importanceScore == 0.5)
        #expect(life.set.importanceScore == 0.1)
    }

    @Test(.appDatabase) func `logs`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let log = try await bench.live(PamAnalyticsLog.Insert(eventType: "chat", success: true)) {
            $0.success = .set(false)
            $0.hourOfDay = .set(23)
            $0.userID = .set(user)
        } null: {
            $0.timestamp = .null
        }
        #expect(log.inserted.id == 1 && log.inserted.success == true)
        let run = try await bench.live(
            AgentLog.Insert(userID: user, sessionID: "s", message: "m", response: "r", confidenceScore: 0.1)
        ) {
            $0.inputType = .set(.voice)
            $0.createdAt = .set(.negativeInfinity)
        } null: {
            $0.confidenceScore = .null
            $0.toolsUsed = .null
        }
        #expect(
            run.inserted.confidenceScore == 0.1 && run.inserted.toolsUsed == "[]" && run.inserted.inputType == .text)
    }

    @Test(.appDatabase) func `what expires: recommendations and sound`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let life = try await bench.live(
            ActiveRecommendation.Insert(userID: user, recommendationType: "fuel", title: "Fill up here")
        ) {
            $0.priority = .set(.high)
            $0.expiresAt = .set(instant("2026-04-01 00:00:00+02"))
        } null: {
            $0.expiresAt = .null
        }
        #expect(life.inserted.priority == .medium && life.set.expiresAt?.postgresText == "2026-03-31 22:00:00+00")
        try await bench.live(AudioCache.Insert(cacheKey: "k", audioBase64: "QUJD", durationMs: 900)) {
            $0.hitCount = .set(2)
        } null: {
            $0.durationMs = .null
            $0.language = .null
        }
    }
}
