import Diagnostics
import HTTPClient

/// Turns failures of S3 into errors that a person can act on; credentials appear in none.
struct S3Explanation {
    let location: S3Location

    /// The error for a failure.
    ///
    /// - Parameters:
    ///   - error: What was thrown.
    ///   - action: What was tried, such as `store chunks/1`.
    ///   - name: The object, where it was one.
    /// - Returns: A ``RepositoryError``; errors that already explain themselves come back as they are.
    func error(_ error: any Error, doing action: String, name: BlobName?) -> any Error {
        switch error {
        case let error as HTTPError: unreachable(error, action)
        case let error as S3Failure: explained(error, action, name)
        default: error
        }
    }

    private func unreachable(_ error: HTTPError, _ action: String) -> RepositoryError {
        if error.kind == .wrongScheme { return otherScheme(action) }
        return RepositoryError(
            code: "store.\(error.kind.rawValue)",
            summary: "Could not \(action) in \(place): \(error.summary)",
            remedy: error.kind == .broken && location.scheme == "http"
                ? Remedy("Check that the service runs; if it speaks TLS, write https://\(location.authority).")
                : error.remedy,
            failureClass: error.failureClass
        )
    }

    /// The service has TLS and was asked without, or the other way round.
    private func otherScheme(_ action: String) -> RepositoryError {
        let (here, there) = location.scheme == "https" ? ("plain HTTP", "http") : ("TLS", "https")
        return make(
            "wrong-scheme",
            "Could not \(action) in \(place): \(location.authority) speaks \(here), and was asked by \(location.scheme)://.",
            Remedy(
                "Write the endpoint as \(there)://\(location.authority)\(location.basePath), in the place of the repository or"
                    + " in AWS_ENDPOINT_URL; without a scheme it is https."),
            .usage)
    }

    private func explained(_ failure: S3Failure, _ action: String, _ name: BlobName?) -> RepositoryError {
        if failure.isOutOfSpace { return full(action, words(failure)) }
        switch failure.code {
        case S3Failure.speaksTLS: return otherScheme(action)
        case "NoSuchBucket":
            return make(
                "no-bucket", "There is no bucket \(location.bucket) at \(location.endpoint).",
                Remedy("Create it, or check its name, the region and the endpoint."), .notFound)
        case "InvalidAccessKeyId":
            return make(
                "access-key", "\(location.endpoint) does not know the access key.",
                Remedy("Check AWS_ACCESS_KEY_ID, or the profile, and that they belong to this endpoint."), .permission)
        case "SignatureDoesNotMatch":
            return make(
                "secret-key",
                "\(location.endpoint) refused the signature: the secret does not belong to the access key.",
                Remedy("Check AWS_SECRET_ACCESS_KEY, or the profile; no blank or line break may be in it."), .permission
            )
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            return make(
                "session", "The session's token for \(location.endpoint) has expired or is not valid.",
                Remedy("Get new temporary credentials, or use an access key that stays."), .permission)
        case "RequestTimeTooSkewed", "RequestExpired":
            return make(
                "clock", "The clock of this machine differs too much from that of \(location.endpoint).",
                Remedy("Set the clock, best by NTP:", command: "timedatectl set-ntp true"), .permission)
        case "NoSuchUpload":
            return make(
                "upload-gone", "\(location.endpoint) no longer knows the upload in parts that was to \(action).",
                Remedy("Somebody gave it up, or a lifecycle rule did: run again."), .failure)
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException":
            return otherRegion(failure)
        default: break
        }
        if failure.isPassing { return unavailable(failure, action) }
        switch failure.status {
        case 301, 307, 308: return otherRegion(failure)
        case 401, 403:
            return make(
                "permission",
                "\(location.endpoint) does not allow to \(action) in the bucket \(location.bucket)\(words(failure)).",
                Remedy("Give the key the rights that docs/S3.md lists, or use another key."), .permission)
        case 404: return name.map { .noSuchObject($0, in: location.description) } ?? other(failure, action)
        case 500...599: return unavailable(failure, action)
        default: return other(failure, action)
        }
    }

    /// The store takes no more.
    func full(_ action: String, _ words: String) -> RepositoryError {
        make(
            "out-of-space", "\(location.endpoint) has no room to \(action)\(words).",
            Remedy("Free some space or raise the quota; what is stored so far is good."), .outOfSpace)
    }

    /// The store answers and reads, but stores nothing, and does not say why.
    func probablyFull(_ failure: S3Failure, _ action: String) -> RepositoryError {
        make(
            "out-of-space",
            "\(location.endpoint) answers but has refused for a while to \(action)\(words(failure)): it is probably full.",
            Remedy("Look at the store's disks and its log; what is stored so far is good."), .outOfSpace)
    }

    private func unavailable(_ failure: S3Failure, _ action: String) -> RepositoryError {
        make(
            "unavailable", "\(location.endpoint) could not \(action)\(words(failure)).",
            Remedy("Try again later; what is stored so far is good."), .unreachable)
    }

    private func otherRegion(_ failure: S3Failure) -> RepositoryError {
        let there = failure.region.map { "it is in the region \($0)" } ?? "it is in another region"
        return make(
            "region", "The bucket \(location.bucket) is not in the region \(location.region): \(there).",
            Remedy("Add ?region=\(failure.region ?? "…") to the place, or set AWS_REGION."), .usage)
    }

    private func other(_ failure: S3Failure, _ action: String) -> RepositoryError {
        make("failed", "\(location.endpoint) could not \(action)\(words(failure)).", nil, .failure)
    }

    private func words(_ failure: S3Failure) -> String {
        let text = failure.code.isEmpty ? "" : " \(failure.code)"
        return " (status \(failure.status)\(text))"
    }

    private var place: String {
        "s3://\(location.bucket)" + (location.prefix.isEmpty ? "" : "/\(location.prefix)")
    }

    private func make(_ code: String, _ summary: String, _ remedy: Remedy?, _ kind: FailureClass) -> RepositoryError {
        RepositoryError(code: "store.\(code)", summary: summary, remedy: remedy, failureClass: kind)
    }
}
