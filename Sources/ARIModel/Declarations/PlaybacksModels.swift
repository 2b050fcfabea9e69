/// The models of the group `playbacks`.
let playbacksModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "Playback", "The playing of media to a channel or bridge.",
        [
            .required("id"), .required("media_uri"), .optional("next_media_uri"), .required("target_uri"),
            .optional("language"), .required("state", values: ["queued", "playing", "continuing", "done", "failed"]),
        ])
]
