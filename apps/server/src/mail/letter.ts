/** What a mail says, before it has a form: its HTML and its text are two renderings of this. */
export type Letter = {
  readonly subject: string;
  readonly title: string;
  /** In whose name it is written. */
  readonly shop: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly facts: readonly Fact[];
  readonly lines: readonly LetterLine[];
  readonly sums: readonly Sum[];
  readonly addressTitle: string;
  readonly address: readonly string[];
  readonly link: { readonly label: string; readonly href: string } | null;
  readonly closing: string;
};

export type Fact = { readonly label: string; readonly value: string };
export type LetterLine = {
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: string;
  readonly total: string;
  readonly note: string | null;
};
export type Sum = { readonly label: string; readonly amount: string; readonly strong: boolean };

/**
 * A text on one line: what breaks lines, or turns the direction of writing, could pass for something that the
 * mail does not say.
 */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
