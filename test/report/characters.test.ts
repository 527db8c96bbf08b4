import { expect, test } from 'vitest';
import { markdownText, visible, xmlText } from '../../src/report/characters.js';

test.each([
  ['plain text', 'plain text'],
  ['- no list', '\\- no list'],
  ['+ no list', '\\+ no list'],
  ['1. no list', '1\\. no list'],
  ['# no heading', '\\# no heading'],
  ['> no quote', '&gt; no quote'],
  ['a | b', 'a \\| b'],
  ['two\nlines\r\n of it', 'two lines of it'],
  ['![x](javascript:y) <b>', '\\!\\[x\\](javascript:y) &lt;b&gt;'],
  ['&lt; &amp;', '&amp;lt; &amp;amp;'],
  ['`code *x* | <y>` *z*', '`code *x* | <y>` \\*z\\*'],
  ['one ` alone *x*', 'one \\` alone \\*x\\*'],
  ['``two`` `a``b`', '\\`\\`two\\`\\` \\`a\\`\\`b\\`'],
  ['back\\slash \\`not code\\`', 'back\\\\slash \\\\\\`not code\\\\\\`'],
  ['ask @team, @a/b, ada@example.com', 'ask @<!-- -->team, @<!-- -->a/b, ada@example.com'],
  ['\u001b[31mred', '\ufffd\\[31mred'],
])('Markdown: %j is itself', (given, expected) => {
  expect(markdownText(given)).toBe(expected);
});

test('XML: what it cannot have is gone, and the rest is escaped', () => {
  expect(xmlText('a & b < c > "d" \'e\'')).toBe("a &amp; b &lt; c &gt; &quot;d&quot; 'e'");
  expect(xmlText('\u0000\u0001\u0008\u000b\u000c\u000e\u001b\u001f\ufffe\uffff')).toBe('');
  expect(xmlText('\ud800 \udc00 \ud83d\ude00')).toBe('  \u{1f600}');
  expect(xmlText('1\t2\n3\r4')).toBe('1&#9;2&#10;3&#13;4');
  expect(xmlText(']]>')).toBe(']]&gt;');
});

test('a terminal sees a sign where a control character was', () => {
  expect(visible('a\u001b]0;title\u0007\u009b1mb\tc\n')).toBe('a\ufffd]0;title\ufffd\ufffd1mb\tc\n');
});

test('a backtick behind a backslash begins no code: readers of Markdown do not agree on what it is', () => {
  expect(markdownText('covers: \\`](x) `, by [y](z)')).toBe('covers: \\\\\\`\\](x) \\`, by \\[y\\](z)');
  expect(markdownText('run `aws x [y]`')).toBe('run `aws x [y]`');
});
