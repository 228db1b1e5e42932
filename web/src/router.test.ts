import { expect, test } from 'vitest';
import { pageAt } from './router';

test('each address has its page, and a strange one leads to the start', () => {
  expect(pageAt('/')).toEqual({ page: 'start' });
  expect(pageAt('/operator')).toEqual({ page: 'operator' });
  expect(pageAt('/operator/')).toEqual({ page: 'operator' });
  expect(pageAt('/bench')).toEqual({ page: 'bench' });
  expect(pageAt('/zone/C05')).toEqual({ page: 'zone', zoneId: 'C05' });
  expect(pageAt('/zone')).toEqual({ page: 'start' });
  expect(pageAt('/nothing/here')).toEqual({ page: 'start' });
});

test('a zone id may need decoding, and a broken escape is taken as it stands', () => {
  expect(pageAt('/zone/%D9%85%2F1')).toEqual({ page: 'zone', zoneId: 'م/1' });
  expect(pageAt('/zone/%E0%A4%A')).toEqual({ page: 'zone', zoneId: '%E0%A4%A' });
});
