import CCurl

/// The owner of one libcurl handle and of the connections that it keeps open.
@safe final class CurlHandle: @unchecked Sendable {
    // `@unchecked`: the client lends a handle to one exchange at a time, and nobody else has the pointers.
    private let handle: UnsafeMutableRawPointer
    private let words: UnsafeMutableBufferPointer<CChar>
    private let exchange = CurlExchange()

    /// libcurl's global start, once a process; safe from many threads at once.
    private static let isStarted = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// A handle without a connection.
    ///
    /// The corresponding libcurl function is `curl_easy_init`.
    init(authority: String) throws(HTTPError) {
        guard Self.isStarted, let handle = unsafe curl_easy_init() else {
            throw HTTPError(.other, authority: authority, detail: "libcurl did not start")
        }
        unsafe self.handle = handle
        unsafe words = .allocate(capacity: Int(CURL_ERROR_SIZE) + 1)
        unsafe words.initialize(repeating: 0)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe words.deallocate()
    }

    /// One exchange.
    ///
    /// The corresponding libcurl function is `curl_easy_perform`.
    func send(
        _ request: HTTPRequest,
        body: RawSpan?,
        options: HTTPClientOptions,
        receive: @escaping (HTTPResponse, RawSpan) throws -> Void
    ) throws -> HTTPResponse {
        // Forgets the options of the last exchange and keeps its connections.
        unsafe curl_easy_reset(handle)
        exchange.begin(receive)
        defer { exchange.end() }
        let fields = try CurlFields(request)
        do throws(CurlFailure) {
            try set(options, for: request)
            unsafe try set(CURLOPT_HTTPHEADER, fields.list)
            try setReceivers()
            try setMethod(request.method, hasBody: body != nil)
            try perform(body)
        } catch {
            if let thrown = exchange.thrown { throw thrown }
            throw HTTPError(kind(of: error.code), authority: request.authority, detail: detail(of: error.code))
        }
        return exchange.response
    }

    // MARK: Options

    private func set(_ options: HTTPClientOptions, for request: HTTPRequest) throws(CurlFailure) {
        unsafe words[0] = 0
        unsafe try set(CURLOPT_ERRORBUFFER, words.baseAddress)
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_USERAGENT, options.userAgent)
        // Signals belong to the program; libcurl would use one to end a name look-up.
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.milliseconds)
        try set(CURLOPT_TIMEOUT_MS, options.wholeTimeout.milliseconds)
        try set(CURLOPT_LOW_SPEED_LIMIT, 1)
        try set(CURLOPT_LOW_SPEED_TIME, max(1, options.stallTimeout.milliseconds / 1_000))
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_BUFFERSIZE, 256 << 10)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, 512 << 10)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // An empty text keeps libcurl from reading the environment by itself.
        try set(CURLOPT_PROXY, options.proxies.proxy(for: request.url) ?? "")
        try set(CURLOPT_NOPROXY, options.proxies.allExceptions)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = options.certificateFile { try set(CURLOPT_CAINFO, file) }
    }

    private func setReceivers() throws(CurlFailure) {
        unsafe try check(wheels_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION, receiveHead))
        unsafe try check(wheels_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION, receiveBody))
        let context = unsafe Unmanaged.passUnretained(exchange).toOpaque()
        unsafe try set(CURLOPT_HEADERDATA, context)
        unsafe try set(CURLOPT_WRITEDATA, context)
    }

    private func setMethod(_ method: String, hasBody: Bool) throws(CurlFailure) {
        switch method {
        case "GET" where !hasBody: try set(CURLOPT_HTTPGET, 1)
        case "HEAD": try set(CURLOPT_NOBODY, 1)
        default: try set(CURLOPT_CUSTOMREQUEST, method)
        }
    }

    private func perform(_ body: RawSpan?) throws(CurlFailure) {
        guard let body else { return try check(performWithoutSignal()) }
        unsafe try check(wheels_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.byteCount)))
        try unsafe body.withUnsafeBytes { (bytes) throws(CurlFailure) in
            // A null pointer would make libcurl read the body from standard input.
            var none: UInt8 = 0
            try unsafe withUnsafePointer(to: &none) { (none) throws(CurlFailure) in
                unsafe try set(CURLOPT_POSTFIELDS, bytes.baseAddress ?? UnsafeRawPointer(none))
                try check(performWithoutSignal())
            }
        }
    }

    private func performWithoutSignal() -> CURLcode {
        BrokenPipe.withoutSignal { unsafe curl_easy_perform(handle) }
    }

    private func set(_ option: CURLoption, _ value: Int) throws(CurlFailure) {
        unsafe try check(wheels_curl_set_number(handle, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(CurlFailure) {
        let code = unsafe value.withCString { unsafe wheels_curl_set_pointer(handle, option, $0) }
        try check(code)
    }

    @unsafe private func set(_ option: CURLoption, _ value: UnsafeRawPointer?) throws(CurlFailure) {
        unsafe try check(wheels_curl_set_pointer(handle, option, value))
    }

    private func check(_ code: CURLcode) throws(CurlFailure) {
        guard code == CURLE_OK else { throw CurlFailure(code: code) }
    }

    // MARK: Errors

    private func kind(of code: CURLcode) -> HTTPError.Kind {
        if isOfOtherScheme(code) { return .wrongScheme }
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unknownHost
        // A handshake that breaks off is a connection that did not come about; the next one may.
        case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_SSL_CONNECT_ERROR: .noConnection
        case CURLE_OPERATION_TIMEDOUT: hasSent ? .timeout : .connectTimeout
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
            .tls
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND, CURLE_BAD_CONTENT_ENCODING:
            .broken
        case CURLE_PARTIAL_FILE: .truncated
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .badRequest
        default: .other
        }
    }

    /// Whether the server answered a handshake in plain text, or a request in plain text by TLS; only the words tell.
    private func isOfOtherScheme(_ code: CURLcode) -> Bool {
        let words = detail(of: code)
        switch code {
        case CURLE_SSL_CONNECT_ERROR:
            return ["wrong version number", "packet length too long", "http request"].contains { words.contains($0) }
        case CURLE_UNSUPPORTED_PROTOCOL: return words.contains("HTTP/0.9")
        default: return false
        }
    }

    /// Whether any byte of the request has left.
    private var hasSent: Bool {
        var size = 0
        guard unsafe wheels_curl_get_number(handle, CURLINFO_REQUEST_SIZE, &size) == CURLE_OK else { return true }
        return size > 0
    }

    private func detail(of code: CURLcode) -> String {
        let own = unsafe String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let text = own.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : own
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}

/// A code of libcurl that is not `CURLE_OK`.
private struct CurlFailure: Error {
    let code: CURLcode
}

/// The owner of a list of header fields in libcurl's form.
@safe private struct CurlFields: ~Copyable {
    @unsafe private(set) var list: UnsafeMutablePointer<curl_slist>?

    init(_ request: HTTPRequest) throws(HTTPError) {
        // libcurl would wait for the server's leave before it sends a body, and would name a type for it.
        for line in ["Expect:", "Content-Type:"] + request.fields.map({ "\($0.name): \($0.value)" }) {
            guard let longer = unsafe curl_slist_append(list, line) else {
                throw HTTPError(.other, authority: request.authority, detail: "no memory for the header")
            }
            unsafe list = longer
        }
    }

    deinit { unsafe curl_slist_free_all(list) }
}

private func receiveHead(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let exchange = unsafe Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    let line = unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
    exchange.takeHead(line)
    return size * count
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
    let exchange = unsafe Unmanaged<CurlExchange>.fromOpaque(context).takeUnretainedValue()
    let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe exchange.takeBody(buffer.bytes) ? size * count : 0
}
