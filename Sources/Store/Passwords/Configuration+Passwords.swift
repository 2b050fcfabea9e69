extension Configuration {
    /// Puts hashes in place of the passwords of ARI users, and notes which were easy to guess. Who has the password already that `known`
    /// has a hash of keeps that hash.
    ///
    /// - Throws: when there is no memory for hashing.
    func hashingPasswords(known: Configuration) throws -> Configuration {
        var result = self
        let before = Dictionary(known.ari.users.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for index in ari.users.indices where PasswordHash(ari.users[index].password) == nil {
            let user = ari.users[index]
            if let old = before[user.name].flatMap({ PasswordHash($0.password) }), old.matches(user.password) {
                result.ari.users[index].password = old.description
            } else {
                result.ari.users[index].password = try PasswordHash(of: user.password).description
            }
            result.ari.users[index].weakPassword = WeakPassword.matches(user.password, name: user.name)
        }
        return result
    }
}
