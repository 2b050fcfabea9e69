import Store

extension ConsoleEnvironment {
    /// Changes the configuration and puts it into force; a trial only looks.
    /// - Throws: `AdminError` with what is wrong.
    func edit(_ edit: SettingsEdit, isTrial: Bool = false, on blocking: Blocking) async throws -> SettingsEdited {
        let edited = try await blocking.run {
            do throws(SettingsEditError) {
                return try store.edit(edit, isTrial: isTrial, check: check)
            } catch {
                throw AdminError(error)
            }
        }
        if !isTrial { await putIntoForce() }
        return edited
    }
}
