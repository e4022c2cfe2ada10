// Starts the vendored API reference on this server's own OpenAPI document; nothing is asked of any other host.
// Before the reference loads: its smooth scrolling would take over the skip link and leave the focus behind.
window.noZensmooth = true;
// The page says its own title; the reference would draw a second first-level heading over it.
const withoutTitle = () => ({ wrapComponents: { info: () => () => null } });
window.addEventListener("DOMContentLoaded", () => {
  window.SwaggerUIBundle({
    url: "/schema/openapi.json",
    dom_id: "#reference",
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    tryItOutEnabled: false,
    validatorUrl: null,
    persistAuthorization: false,
    plugins: [withoutTitle],
  });
});
