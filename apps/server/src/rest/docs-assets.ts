/** Starts Swagger UI. In a demo shop the page carries a token, so that "Try it out" works at once. */
export const startScript = `'use strict';
const place = document.getElementById('reference');
const dark = window.matchMedia('(prefers-color-scheme: dark)');
const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', paint);
paint();
const ui = SwaggerUIBundle({
  url: '/openapi.json',
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: 'BaseLayout',
  deepLinking: true,
  filter: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  requestSnippetsEnabled: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  onComplete: () => {
    if (place.dataset.token) ui.preauthorizeApiKey('bearerToken', place.dataset.token);
  },
});
`;

/** The looks of the pages around the reference, light and dark. */
export const docsStyle = `:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
pre { padding: 1rem; overflow-x: auto; border: 1px solid GrayText; border-radius: 6px; font-size: 14px; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid GrayText; text-align: left; vertical-align: top; }
a { color: LinkText; }
summary { cursor: pointer; }
#reference { margin: 0 -1.5rem; }
`;
