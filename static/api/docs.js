/* Starts Swagger UI on our own document: no validator of others, no document named in the URL, nothing kept. */
"use strict";

const place = document.getElementById("docs");

window.ui = SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  queryConfigEnabled: false,
  tryItOutEnabled: false,
  validatorUrl: null,
});
