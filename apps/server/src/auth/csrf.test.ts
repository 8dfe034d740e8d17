import { describe, expect, it } from 'vitest';
import { foreign } from './csrf.ts';

const ours = 'https://shop.example.com';
const good = {
  'sec-fetch-site': 'same-origin',
  origin: ours,
  'content-type': 'application/json',
  'x-trpc-source': 'console',
};
const post = (but: Record<string, string | undefined>, publicUrl = ours) =>
  foreign({ method: 'POST', headers: { ...good, ...but }, publicUrl })?.code ?? 'ours';

describe('a request at the door of the console', () => {
  it.each([
    ['same-origin', ours, 'ours'],
    ['same-origin', undefined, 'ours'],
    ['same-site', ours, 'CROSS_SITE'],
    ['cross-site', ours, 'CROSS_SITE'],
    ['none', ours, 'CROSS_SITE'],
    [undefined, ours, 'ours'],
    [undefined, 'https://evil.example.com', 'CROSS_SITE'],
    [undefined, 'https://shop.example.com.evil.com', 'CROSS_SITE'],
    [undefined, 'http://shop.example.com', 'CROSS_SITE'],
    [undefined, 'null', 'CROSS_SITE'],
    [undefined, undefined, 'CROSS_SITE'],
  ])('with Sec-Fetch-Site %s and Origin %s is %s', (site, origin, verdict) => {
    expect(post({ 'sec-fetch-site': site, origin })).toBe(verdict);
  });

  it.each([
    ['application/json', 'ours'],
    ['application/json; charset=utf-8', 'ours'],
    ['Application/JSON', 'ours'],
    ['text/plain', 'UNSUPPORTED_MEDIA_TYPE'],
    ['text/plain; application/json', 'UNSUPPORTED_MEDIA_TYPE'],
    ['application/x-www-form-urlencoded', 'UNSUPPORTED_MEDIA_TYPE'],
    ['multipart/form-data; boundary=x', 'UNSUPPORTED_MEDIA_TYPE'],
    ['application/octet-stream', 'UNSUPPORTED_MEDIA_TYPE'],
    [undefined, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('with the content type %s is %s', (contentType, verdict) => {
    expect(post({ 'content-type': contentType })).toBe(verdict);
  });

  it('needs the header that no form can send', () => {
    expect(post({ 'x-trpc-source': undefined })).toBe('CROSS_SITE');
  });

  it('may only read without them, and only from our own pages', () => {
    const get = (headers: Record<string, string>) =>
      foreign({ method: 'GET', headers, publicUrl: ours })?.code;
    expect(get({})).toBeUndefined();
    expect(get({ 'sec-fetch-site': 'cross-site' })).toBe('CROSS_SITE');
  });

  it('may come from localhost or 127.0.0.1 alike on one machine, but from no other port', () => {
    const local = 'http://127.0.0.1:8000';
    const from = (origin: string) => post({ 'sec-fetch-site': undefined, origin }, local);
    expect(from('http://localhost:8000')).toBe('ours');
    expect(from('http://localhost:9000')).toBe('CROSS_SITE');
    expect(from('http://192.168.1.1:8000')).toBe('CROSS_SITE');
  });
});
