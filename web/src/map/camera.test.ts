import { expect, test } from 'vitest';
import { around, fit, moved, Projection } from './camera';

const camera = { lon: 44.4, lat: 33.3, zoom: 13, width: 800, height: 600 };

test('the centre stands in the middle, and pixels lead back to their degrees', () => {
  const projection = new Projection(camera);
  expect(projection.x(44.4)).toBeCloseTo(400, 6);
  expect(projection.y(33.3)).toBeCloseTo(300, 6);
  for (const [lon, lat] of [[44.1, 33.9], [-20, 70], [170, -60]] as const) {
    expect(projection.lon(projection.x(lon))).toBeCloseTo(lon, 9);
    expect(projection.lat(projection.y(lat))).toBeCloseTo(lat, 9);
  }
});

test('a metre has as many pixels as the distance between two points says (great circle on the mercator sphere)', () => {
  const projection = new Projection(camera);
  const [lon, lat] = moved(44.4, 33.3, 0, 1000);
  const a = Math.sin(((lat - 33.3) * Math.PI) / 360) ** 2;
  const distanceM = 2 * 6_378_137 * Math.asin(Math.sqrt(a));
  expect(distanceM).toBeCloseTo(1000, 3);
  expect(lon).toBe(44.4);
  expect(projection.y(33.3) - projection.y(lat)).toBeCloseTo(1000 * projection.pixelsPerMetre(33.3), -0.5);
});

test('what is fitted is seen with its padding, and touches it on one axis', () => {
  const bounds = around([44.4, 33.3], 5000);
  const projection = new Projection(fit(bounds, 800, 600, 50));
  const [west, south, east, north] = bounds;
  expect(projection.y(north)).toBeCloseTo(50, 3);
  expect(projection.y(south)).toBeCloseTo(550, 3);
  expect(projection.x(west)).toBeGreaterThan(50);
  expect(projection.x(east)).toBeLessThan(750);
});
