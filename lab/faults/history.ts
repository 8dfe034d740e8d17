/** One command that a client wants carried out, with the key under which it was sent until it was known. */
export type Op = {
  readonly kind: 'place' | 'edit' | 'open-payment' | 'pay' | 'cancel' | 'refund';
  readonly key: string;
  /** The order, as soon as it is known. */
  order: string | null;
  /** The version that the client said it knew. */
  readonly from: number | null;
  /** The version that the server says came of it. */
  to: number | null;
  /** `unknown`: no try was ever answered. */
  outcome: 'ok' | 'fail' | 'unknown';
  readonly tries: Try[];
};

/** One request: a number is its status, `lost` was never answered. Times are milliseconds of the run. */
export type Try = {
  readonly at: number;
  readonly ms: number;
  readonly answer: number | 'lost';
  readonly body: string;
};

/** What the database says at the end. */
export type Stored = {
  readonly orders: readonly StoredOrder[];
  readonly feed: readonly FeedEntry[];
};
export type StoredOrder = {
  readonly id: string;
  readonly version: number;
  /** Whether somebody else than the clients may have changed it: a gateway that had a word to say later. */
  readonly byOthers?: boolean;
};
export type FeedEntry = {
  readonly seq: number | null;
  readonly order: string | null;
  readonly version: number | null;
};

/** The books as one statement saw them while others wrote. */
export type Books = {
  readonly at: number;
  /** Of all postings; there is one currency. */
  readonly sum: number;
  /** Journal entries that do not add up to zero. */
  readonly uneven: number;
  /** Accounts whose balance is not the sum of their postings. */
  readonly strayed: number;
  /** Balances below their floor. */
  readonly overdrawn: number;
};

/** What a reader of the feed got each time that it asked for what comes after the last it knows. */
export type Page = { readonly after: number; readonly seqs: readonly number[] };

/** Everything that was seen of a run. */
export type History = {
  readonly ops: readonly Op[];
  readonly books: readonly Books[];
  readonly pages: readonly Page[];
};

export type Violation = { readonly promise: string; readonly subject: string; readonly why: string };
