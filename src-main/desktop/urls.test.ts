import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkedExternalUrl, fileOfUrl } from './urls';

const folder = path.resolve('/srv/renderer');

describe('fileOfUrl', () => {
  it('serves the page and its files', () => {
    expect(fileOfUrl('ai-shell://app/', folder)).toBe(path.join(folder, 'index.html'));
    expect(fileOfUrl('ai-shell://app/assets/index-1.js?v=2#x', folder)).toBe(path.join(folder, 'assets/index-1.js'));
  });

  it.each([
    'ai-shell://other/index.html',
    'file:///etc/passwd',
    'https://app/index.html',
    'ai-shell://app/%00',
    'ai-shell://app/..%5c..%5cetc',
    'ai-shell://app/%E0%A4%A',
    'not a url',
  ])('refuses %s', (url) => {
    expect(fileOfUrl(url, folder)).toBeNull();
  });

  it('never leaves its folder', () => {
    const piece = fc.constantFrom('..', '%2e%2e', '%2E.', '/', '%2f', '..%2f', 'a', '%5c', '\\', '.', '//', '%252e%252e%252f');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const file = fileOfUrl(`ai-shell://app/${pieces.join('')}`, folder);
        expect(file === null || file.startsWith(folder + path.sep)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('checkedExternalUrl', () => {
  it('admits https', () => {
    expect(checkedExternalUrl('https://www.postgresql.org/docs/')).toBe('https://www.postgresql.org/docs/');
  });
  it.each(['http://example.org', 'file:///etc/passwd', 'javascript:alert(1)', 'https://user:pw@example.org', 'smb://host/share', 'nonsense'])('refuses %s', (url) => {
    expect(() => checkedExternalUrl(url)).toThrow('Only https links');
  });
});
