// The words of a page that scripts need: each in a <template data-word="name">, translated by the server.

/** The words called `name`, with `values` put in place of {their names}. */
export function word(name, values = {}) {
  const found = document.querySelector(`template[data-word="${name}"]`)?.content.textContent.trim() ?? "";
  return found.replaceAll(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
}

/** One of two wordings, by number. */
export const counted = (name, count) => word(count === 1 ? `${name}-one` : `${name}-many`, { count });

/** When something was written, by this phone's clock: the time today, the day as well for another day. */
export function when(instant) {
  const moment = new Date(instant);
  const isToday = moment.toDateString() === new Date().toDateString();
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (!isToday) Object.assign(options, { day: "numeric", month: "short" });
  return new Intl.DateTimeFormat(document.documentElement.lang, options).format(moment);
}
