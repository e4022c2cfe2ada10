// Starts the vendored API reference on this server's own OpenAPI document; nothing is asked of any other host.
// Before the reference loads: its smooth scrolling would take over the skip link and leave the focus behind.
window.noZensmooth = true;
// The page has its own title and landmarks; of the reference it shows the operations and the models.
const operationsAlone = ({ React }) => ({
  components: {
    OperationsAlone: ({ getComponent }) =>
      React.createElement(
        "div",
        { className: "swagger-ui" },
        React.createElement(getComponent("operations", true)),
        React.createElement(getComponent("Models", true)),
      ),
  },
});
window.addEventListener("DOMContentLoaded", () => {
  window.SwaggerUIBundle({
    url: "/schema/openapi.json",
    dom_id: "#reference",
    layout: "OperationsAlone",
    plugins: [operationsAlone],
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    tryItOutEnabled: false,
    validatorUrl: null,
    persistAuthorization: false,
  });
});
