// Runs before the first paint, so that a dark console does not flash white. A file of its own: the page's policy
// allows no inline script.
const chosen = localStorage.getItem('mantine-color-scheme-value') || 'auto';
const dark = chosen === 'dark' || (chosen === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
