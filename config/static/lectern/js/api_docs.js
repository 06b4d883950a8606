/* Starts the reader of the API's description (Swagger UI). */

SwaggerUIBundle({
  url: document.getElementById("api").dataset.schema,
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
});
