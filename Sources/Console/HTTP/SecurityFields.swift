import HTTPTypes
import Hummingbird

/// Adds to every answer what keeps browsers from doing with a page what nobody wants: nothing from elsewhere is loaded, no other page
/// may frame this one, types are not guessed. The softphone's WebSocket is at another port.
struct SecurityFields<Context: RequestContext>: RouterMiddleware {
    private static var policy: String {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; media-src 'self' blob:; "
            + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    }

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        if let referrer = HTTPField.Name("Referrer-Policy") { response.headers[referrer] = "same-origin" }
        if let opener = HTTPField.Name("Cross-Origin-Opener-Policy") { response.headers[opener] = "same-origin" }
        return response
    }
}
