import Testing

/// Real phones and real programs of other makers drive the real server.
///
/// One at a time, for each starts several processes. Those whose peer is not installed are skipped and say so;
/// `Scripts/install-packages all` installs all of them.
@Suite("Peers", .serialized)
enum Peers {}
