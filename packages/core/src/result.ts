/** A success that carries its value. */
export type Ok<T> = { readonly ok: true; readonly value: T };

/** A refusal that carries its reason as data. */
export type Err<E> = { readonly ok: false; readonly error: E };

/** What every rule returns: a value, or the reason why not. Nothing expected is ever thrown. */
export type Result<T, E> = Ok<T> | Err<E>;

/** Wraps a success. */
export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

/** Wraps a refusal. */
export const err = <E>(error: E): Err<E> => ({ ok: false, error });
