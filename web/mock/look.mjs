// Takes pictures of the page, to be looked at: node mock/look.mjs ADDRESS OUT.png [--wait S] [--size 1440x900] [--dark] [--js CODE] [--tab ID]
// It uses the Chromium of the machine (CHROMIUM, or /usr/bin/chromium) and prints what the page's console says.
import { chromium } from 'playwright-core';

const [address, out, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : otherwise);
const [width, height] = option('--size', '1440x900').split('x').map(Number);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
const page = await browser.newPage({ viewport: { width, height }, colorScheme: rest.includes('--dark') ? 'dark' : 'light' });
page.on('console', (message) => console.log(`${message.type()}: ${message.text()}`));
page.on('pageerror', (error) => console.log(`page error: ${error}`));
page.on('requestfailed', (request) => console.log(`failed: ${request.url()} ${request.failure()?.errorText}`));
await page.goto(address);
const tab = option('--tab', null);
if (tab) await page.click(`#tab-${tab}`, { timeout: 10_000 });
await page.waitForTimeout(Number(option('--wait', '3')) * 1000);
const code = option('--js', null);
if (code) console.log('js:', JSON.stringify(await page.evaluate(code)));
if (code) await page.waitForTimeout(Number(option('--after', '1')) * 1000);
await page.screenshot({ path: out });
await browser.close();
