/// The models of the group `sounds`.
let soundsModels: [ARIModelDeclaration] = [
    ARIModelDeclaration(
        "FormatLangPair", "A language and format of a sound.",
        [.required("language"), .required("format")]),
    ARIModelDeclaration(
        "Sound", "A sound that can be played.",
        [.required("id"), .optional("text"), .required("formats", "List[FormatLangPair]")]),
]
