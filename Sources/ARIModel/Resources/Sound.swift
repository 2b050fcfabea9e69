/// A sound that can be played (ARI model `Sound`).
public struct Sound: Sendable, Hashable, JSONWritable {
    public var id: String
    /// The words spoken, when they are known.
    public var text: String?
    public var formats: [FormatLangPair]

    public init(id: String, text: String? = nil, formats: [FormatLangPair]) {
        self.id = id
        self.text = text
        self.formats = formats
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("text", ifPresent: text)
        writer.member("formats", formats)
        writer.endObject()
    }
}

/// A language and a file format in which a sound exists (ARI model `FormatLangPair`).
public struct FormatLangPair: Sendable, Hashable, JSONWritable {
    public var language: String
    public var format: String

    public init(language: String, format: String) {
        self.language = language
        self.format = format
    }

    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("language", language)
        writer.member("format", format)
        writer.endObject()
    }
}
