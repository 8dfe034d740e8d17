/** The sign of the house: threads that cross. */
export const Mark = ({ size = 28 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden style={{ flex: 'none' }}>
    <rect width="32" height="32" rx="8" fill="var(--mantine-color-loom-7)" />
    <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
      <path d="M9 7v18M16 7v18M23 7v18" opacity=".55" />
      <path d="M6 11.5h6.5M19.5 11.5H26M12.5 16h7M6 20.5h6.5M19.5 20.5H26" />
    </g>
  </svg>
);
