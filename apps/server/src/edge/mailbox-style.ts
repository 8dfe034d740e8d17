/** The looks of the development mailbox, light and dark. */
export const mailboxStyle = `:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid GrayText; text-align: left; }
th, td { vertical-align: top; overflow-wrap: anywhere; }
time { white-space: nowrap; font-variant-numeric: tabular-nums; }
a { color: LinkText; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.mail { width: 100%; height: 52rem; border: 1px solid GrayText; border-radius: 6px; }
pre { padding: 1rem; overflow-x: auto; border: 1px solid GrayText; border-radius: 6px; }
pre { font-size: 14px; white-space: pre-wrap; }
@media (max-width: 40rem) {
  main { padding: 1rem; }
  thead { display: none; }
  tr { display: block; padding: 0.5rem 0; border-bottom: 1px solid GrayText; }
  td { display: block; padding: 0; border: 0; }
}
`;
