import ARIModel
import CallCore

/// Finds operations by path, as the reference does it.
struct RouteTree {
    /// A place in the tree: the operations below one path.
    final class Node {
        fileprivate(set) var operations: [ARIMethod: RoutedOperation] = [:]
        fileprivate var literals: [String: Node] = [:]
        fileprivate var wildcard: (name: String, node: Node)?

        /// The value of an `Allow` field.
        var allow: String {
            (["OPTIONS"] + ARIMethod.allCases.filter { operations[$0] != nil }.map(\.rawValue)).joined(separator: ",")
        }
    }

    struct Match {
        let node: Node
        /// The values of path parameters by name.
        let values: [String: String]
    }

    private let root = Node()

    /// Builds the tree for all operations of ARI; those without a handler answer 501.
    @CallActor
    init(handlers: ARIHandlers) {
        assert(handlers.unknownIDs.isEmpty, "handlers of no operation: \(handlers.unknownIDs)")
        for resource in ARIResource.all {
            for operation in resource.operations {
                let handler = handlers[resource.name, operation.nickname] ?? .missing
                add(RoutedOperation(id: "\(resource.name).\(operation.nickname)", operation: operation, handler: handler))
            }
        }
    }

    private func add(_ routed: RoutedOperation) {
        var node = root
        for segment in routed.operation.path.split(separator: "/") {
            if segment.hasPrefix("{") {
                let next = node.wildcard?.node ?? Node()
                node.wildcard = (String(segment.dropFirst().dropLast()), next)
                node = next
            } else {
                let next = node.literals[String(segment)] ?? Node()
                node.literals[String(segment)] = next
                node = next
            }
        }
        node.operations[routed.operation.method] = routed
    }

    /// Follows `path`, which begins below the prefix, segment by segment. Each segment is decoded on its own, so an encoded slash is
    /// part of a value; an empty segment ends the path.
    ///
    /// A literal segment wins over a parameter, but the parameter is remembered: where no literal goes on, the walk continues behind
    /// it, so `channels/create/x` means the channel named `create`.
    ///
    /// - Returns: Nil when the path leads nowhere.
    func match(_ path: Substring) -> Match? {
        var node = root
        var values: [String: String] = [:]
        var remembered: Node?
        for segment in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if segment.isEmpty { break }
            let text = formDecoded(segment)
            if let wildcard = node.wildcard {
                values[wildcard.name] = text
                remembered = wildcard.node
            }
            if let literal = node.literals[text] {
                node = literal
            } else if let wildcard = remembered {
                node = wildcard
                remembered = nil
            } else {
                return nil
            }
        }
        return Match(node: node, values: values)
    }
}

/// An operation with what carries it out.
struct RoutedOperation: Sendable {
    /// `<resource>.<nickname>`.
    let id: String
    let operation: ARIOperation
    let handler: ARIHandler
}
