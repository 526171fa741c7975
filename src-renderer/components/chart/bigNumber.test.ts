import { expect, it } from 'vitest';
import { groupedDigits } from './BigNumber';

it('groups the whole digits of a decimal, and rounds or retypes nothing', () => {
  expect(['0', '999', '1000', '-1234567.50', '12345678901234567890.123456789', 'NaN', '1e9', ''].map(groupedDigits)).toEqual(['0', '999', '1,000', '-1,234,567.50', '12,345,678,901,234,567,890.123456789', 'NaN', '1e9', '']);
});
