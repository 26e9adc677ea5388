const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const lookUp = (values, path) =>
  path.split('.').reduce((at, name) => (at !== null && typeof at === 'object' && Object.hasOwn(at, name) ? at[name] : null), values);

/** Fills a template: `{{name}}` escaped for HTML, `{{{name}}}` as it is. What is not there is empty. */
export function render(template, values) {
  return template.replace(/{{{\s*([\w.]+)\s*}}}|{{\s*([\w.]+)\s*}}/g, (_, raw, escaped) => {
    const text = String(lookUp(values, raw ?? escaped) ?? '');
    return raw ? text : text.replace(/[&<>"']/g, (char) => escapes[char]);
  });
}
