/** The catalog of ports, to browse and to search. */
export function CatalogSection() {
  return (
    <main class="sheet" aria-labelledby="catalog-title">
      <h2 id="catalog-title">Ports</h2>
    </main>
  );
}
