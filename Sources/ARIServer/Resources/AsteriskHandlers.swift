import ARIModel
import CallCore
import Dialplan

extension ARIHandlers {
    mutating func addAsterisk(_ core: CallCore, _ facts: ServerFacts) {
        on("asterisk.getInfo") { call in
            let only = try call.list("only")
            func wants(_ section: String) -> Bool { only?.contains(section) ?? true }
            let settings = core.settings
            return .ok(
                AsteriskInfo(
                    build: wants("build") ? facts.build : nil,
                    system: wants("system") ? SystemInfo(version: facts.version, entityID: settings.entityID) : nil,
                    config: wants("config")
                        ? ConfigInfo(
                            name: settings.systemName, defaultLanguage: settings.defaultLanguage, user: facts.processUser,
                            group: facts.processGroup) : nil,
                    status: wants("status")
                        ? StatusInfo(
                            startupTime: core.timestamp(core.startedMs), lastReloadTime: core.timestamp(core.reloadedMs)) : nil))
        }
        on("asterisk.ping") { _ in
            .ok(AsteriskPing(timestamp: core.timestamp(core.scheduler.nowMs), asteriskID: core.settings.entityID))
        }
        on("asterisk.getGlobalVar") { call in
            let name = try call.variableName()
            return .ok(Variable(value: core.globals.value(name)?.string ?? ""))
        }
        on("asterisk.setGlobalVar") { call in
            let name = try call.variableName()
            core.setGlobalVariable(name, call.string("value"))
            return .noContent
        }
    }
}
