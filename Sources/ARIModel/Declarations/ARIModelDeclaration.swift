/// The declaration of a model: the names and types of its members.
public struct ARIModelDeclaration: Sendable {
    public struct Property: Sendable, Hashable {
        public let name: String
        /// A primitive type, the id of a model, or `List[…]` of one.
        public let type: String
        public let isRequired: Bool
        public let allowedValues: [String]

        static func required(_ name: String, _ type: String = "string", values: [String] = []) -> Property {
            Property(name: name, type: type, isRequired: true, allowedValues: values)
        }

        static func optional(_ name: String, _ type: String = "string", values: [String] = []) -> Property {
            Property(name: name, type: type, isRequired: false, allowedValues: values)
        }
    }

    public let id: String
    public let summary: String
    /// The member whose value names the subtype.
    public let discriminator: String?
    public let subTypes: [String]
    public let properties: [Property]

    init(
        _ id: String, _ summary: String, discriminator: String? = nil, subTypes: [String] = [], _ properties: [Property] = []
    ) {
        self.id = id
        self.summary = summary
        self.discriminator = discriminator
        self.subTypes = subTypes
        self.properties = properties
    }
}
