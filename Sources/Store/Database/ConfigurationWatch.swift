internal import Dispatch
internal import Synchronization

/// Looks for changes of the configuration until it is cancelled or released.
public final class ConfigurationWatch: Sendable {
    private struct State {
        var revision: Int
        var known: Configuration
        var isCancelled = false
    }

    private let store: Store
    private let state: Mutex<State>
    private let intervalMs: Int
    private let queue = DispatchQueue(label: "arioso.store.watch")
    private let onChange: @Sendable (Result<Configuration, StoreError>) -> Void

    init(
        store: Store, known: Configuration, intervalMs: Int,
        onChange: @escaping @Sendable (Result<Configuration, StoreError>) -> Void
    ) {
        self.store = store
        self.onChange = onChange
        // No revision is negative, so that the first look compares with what is known.
        state = Mutex(State(revision: -1, known: known))
        self.intervalMs = max(1, intervalMs)
        lookLater()
    }

    /// Looks now instead of at the next interval, and returns when `onChange` has been called if something changed.
    public func lookNow() {
        queue.sync { look() }
    }

    /// Ends the watch; `onChange` is not called any more once this returns, except when called from within it.
    public func cancel() {
        state.withLock { $0.isCancelled = true }
    }

    private func lookLater() {
        queue.asyncAfter(deadline: .now() + .milliseconds(intervalMs)) { [weak self] in
            guard let self, !self.state.withLock({ $0.isCancelled }) else { return }
            self.look()
            self.lookLater()
        }
    }

    private func look() {
        // A failure to read the number is told when the configuration cannot be read either.
        let revision = try? store.revision()
        let isNews = state.withLock { state in
            guard !state.isCancelled, revision != state.revision else { return false }
            state.revision = revision ?? state.revision
            return revision != nil
        }
        guard isNews else { return }
        do throws(StoreError) {
            let configuration = try store.configuration()
            let isChange = state.withLock { state in
                defer { state.known = configuration }
                return state.known != configuration && !state.isCancelled
            }
            if isChange { onChange(.success(configuration)) }
        } catch {
            onChange(.failure(error))
        }
    }
}
