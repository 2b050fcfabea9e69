import CLinuxIO
import Foundation

/// This program once more, in a session of its own, so that it outlives the shell that it was started from.
struct DetachedProcess {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let id: pid_t

    /// Starts it with arguments; it reads and writes nowhere.
    init(_ arguments: [String]) throws {
        var attributes = posix_spawnattr_t()
        var files = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&files)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&files)
        }
        posix_spawnattr_setflags(&attributes, arioso_spawn_in_new_session)
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0)
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var id = pid_t()
        let result = posix_spawn(&id, program, &files, &attributes, &words, environ)
        guard result == 0 else { throw Failure(description: "can't start \(program): \(String(cString: strerror(result)))") }
        self.id = id
    }

    /// What it ended with; nil while it runs.
    var exitStatus: Int32? {
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
