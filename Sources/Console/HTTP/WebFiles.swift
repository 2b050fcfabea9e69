/// The files of the folder `Web` by their names.
enum WebFiles {
    static let all: [(name: String, bytes: [UInt8])] = [
        ("index.html", PackageResources.index_html), ("app.css", PackageResources.app_css), ("icon.svg", PackageResources.icon_svg),
        ("app.js", PackageResources.app_js), ("api.js", PackageResources.api_js), ("ui.js", PackageResources.ui_js),
        ("form.js", PackageResources.form_js), ("gate.js", PackageResources.gate_js), ("home.js", PackageResources.home_js),
        ("live.js", PackageResources.live_js), ("collections.js", PackageResources.collections_js),
        ("settings.js", PackageResources.settings_js), ("explorer.js", PackageResources.explorer_js),
        ("history.js", PackageResources.history_js), ("log.js", PackageResources.log_js), ("player.js", PackageResources.player_js),
        ("recordings.js", PackageResources.recordings_js), ("sounds.js", PackageResources.sounds_js),
        ("softphone.js", PackageResources.softphone_js),
    ]
}
