import type { CSSProperties } from 'react';

const ink = '#1c2128';
const soft = '#5c6672';
const line = '#e3e6ea';
const fonts = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** The looks by light, inline because many mail programs read nothing else. */
export const looks = {
  body: { margin: 0, padding: 0, fontFamily: fonts },
  page: { backgroundColor: '#f3f4f6', padding: '32px 12px' },
  card: {
    width: '100%',
    maxWidth: '600px',
    backgroundColor: '#ffffff',
    border: `1px solid ${line}`,
    borderRadius: '10px',
    padding: '32px',
  },
  shop: { margin: 0, fontSize: '15px', lineHeight: '20px', fontWeight: 600, color: soft },
  rule: { margin: '20px 0 24px', border: 0, borderTop: `1px solid ${line}` },
  title: { margin: '0 0 16px', fontSize: '24px', lineHeight: '32px', fontWeight: 650, color: ink },
  text: { margin: '0 0 16px', fontSize: '16px', lineHeight: '24px', color: ink },
  heading: {
    margin: '28px 0 8px',
    fontSize: '14px',
    lineHeight: '20px',
    fontWeight: 600,
    color: soft,
  },
  table: { width: '100%', borderCollapse: 'collapse', fontSize: '15px', lineHeight: '22px' },
  factLabel: {
    padding: '3px 20px 3px 0',
    textAlign: 'left',
    verticalAlign: 'top',
    fontWeight: 400,
    whiteSpace: 'nowrap',
    width: '1%',
    color: soft,
  },
  factValue: { padding: '3px 0', verticalAlign: 'top', color: ink, wordBreak: 'break-word' },
  columnTitle: {
    padding: '0 0 8px',
    textAlign: 'left',
    fontSize: '14px',
    fontWeight: 600,
    color: soft,
    borderBottom: `1px solid ${line}`,
  },
  item: {
    padding: '12px 16px 12px 0',
    textAlign: 'left',
    verticalAlign: 'top',
    fontWeight: 400,
    color: ink,
    wordBreak: 'break-word',
    borderBottom: `1px solid ${line}`,
  },
  price: {
    padding: '12px 0',
    textAlign: 'right',
    verticalAlign: 'top',
    whiteSpace: 'nowrap',
    color: ink,
    borderBottom: `1px solid ${line}`,
  },
  detail: { display: 'block', fontSize: '14px', lineHeight: '20px', color: soft },
  sumLabel: { padding: '4px 16px 4px 0', textAlign: 'left', fontWeight: 400, color: soft },
  sum: { padding: '4px 0', textAlign: 'right', whiteSpace: 'nowrap', color: ink },
  strong: { fontSize: '17px', fontWeight: 650, color: ink },
  address: { margin: 0, fontSize: '15px', lineHeight: '22px', color: ink },
  linkText: { margin: '24px 0 0', fontSize: '16px', lineHeight: '24px' },
  link: { color: '#1d5fbf', textDecoration: 'underline' },
  closing: { margin: 0, fontSize: '13px', lineHeight: '20px', color: soft },
} as const satisfies Record<string, CSSProperties>;

/** The same by dark, and on a narrow screen. No character in here that HTML would have to escape. */
export const sheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { background-color: #f3f4f6; }
@media (max-width: 480px) {
  .page { padding: 0 !important; }
  .card { padding: 24px 20px !important; border: 0 !important; border-radius: 0 !important; }
}
@media (prefers-color-scheme: dark) {
  body, .page { background-color: #111418 !important; }
  .card { background-color: #1b1f25 !important; }
  .ink { color: #eef1f4 !important; }
  .soft { color: #a3adb9 !important; }
  .line { border-color: #343b45 !important; }
  .link { color: #8ab8ff !important; }
}
`;
