/** Shows the operator's page. */
export function mountOperator(root: HTMLElement): void {
  root.textContent = 'operator';
}
