import SealedStreams
import Testing

@Suite("Versions of the libraries")
struct LibraryVersionTests {
    @Test(arguments: [LibraryVersions.zstd, LibraryVersions.openSSL])
    func `a version is numbers with dots`(version: String) {
        #expect(version.wholeMatch(of: #/\d+\.\d+\.\d+\S*/#) != nil, "\(version)")
        #expect(LibraryVersions.openSSL.hasPrefix("3."), "this package is written for OpenSSL 3")
        #expect(LibraryVersions.zstd.hasPrefix("1."))
    }
}
