import Store

// manager.conf, and which records of calls managers are told.
extension AsteriskImport {
    mutating func importManager(_ sections: [ConfSection]) {
        var managers: [Configuration.AMIManager] = []
        for section in sections {
            if section.name == "general" { importManagerSettings(section) } else if let made = manager(section) { managers.append(made) }
        }
        configuration.ami.managers = managers
    }

    private mutating func importManagerSettings(_ section: ConfSection) {
        configuration.ami.enabled = takeFlag("enabled", section) ?? false
        if let host = take("bindaddr", section), !host.isEmpty { configuration.ami.host = host }
        configuration.ami.port = takeNumber("port", section, 0...65_535) ?? 5_038
        configuration.ami.tlsEnabled = takeFlag("tlsenable", section) ?? false
        if let address = take("tlsbindaddr", section) {
            configuration.ami.tlsPort = Self.port(of: address) ?? 5_039
            let host = Self.host(of: address)
            if !host.isEmpty, host != configuration.ami.host { refuse("tlsbindaddr", section, "TLS listens at the address of TCP") }
        }
        for key in ["tlscertfile", "tlsprivatekey"] { refuse(key, section, "TLS uses the certificate of HTTPS") }
        configuration.ami.timestampEvents = takeFlag("timestampevents", section) ?? false
        acceptUsual(
            [
                "webenabled": ["no"], "displayconnects": ["yes", "no"], "allowmultiplelogin": ["yes"], "authtimeout": ["30"],
                "authlimit": ["50"], "brokeneventsaction": ["no"], "debug": ["off", "no"],
            ], section)
    }

    private mutating func manager(_ section: ConfSection) -> Configuration.AMIManager? {
        guard let secret = take("secret", section), !secret.isEmpty else {
            refuse(section, "is no manager: it has no secret")
            return nil
        }
        var made = Configuration.AMIManager(name: section.name, secret: secret)
        made.read = classes("read", section)
        made.write = classes("write", section)
        for entry in section.entries where entry.key.hasPrefix("eventfilter") {
            _ = takeAll(entry.key, section)
            let criteria = entry.key.dropFirst("eventfilter".count).trimmed
            let isNew = criteria.hasPrefix("(") && criteria.hasSuffix(")")
            made.eventFilters.append(isNew ? "\(criteria.dropFirst().dropLast())=\(entry.value)" : entry.value)
        }
        // Everybody is refused before the first permit; the other way round is not how it is kept here.
        made.allowedNetworks = networks(takeAll("permit", section))
        if !made.allowedNetworks.isEmpty { _ = takeAll("deny", section) }
        if isClosed(section, made.allowedNetworks) { made.enabled = false }
        acceptUsual(["allowmultiplelogin": ["yes"], "displayconnects": ["yes", "no"]], section)
        return made
    }

    private mutating func classes(_ key: String, _ section: ConfSection) -> [Configuration.AMIManager.Class] {
        Self.list(take(key, section)?.lowercased()).compactMap { word in
            let known = Configuration.AMIManager.Class(rawValue: word)
            if known == nil, word != "none" { refuse(key, section, "\(word) is no class") }
            return known
        }
    }

    mutating func importCEL(_ sections: [ConfSection]) {
        for section in sections where section.name == "manager" { configuration.ami.cel = takeFlag("enabled", section) ?? false }
    }

    mutating func importCDRManager(_ sections: [ConfSection]) {
        for section in sections where section.name == "general" { configuration.ami.cdr = takeFlag("enabled", section) ?? false }
    }
}
