import { callsSinceQuestion, lastQuestion, lastToolResults, type ModelRequest, type ScriptedReply, type ScriptedTool } from './script';

/** Answers about the demo shop, for e2e and for trying the program by hand. Each scenario is chosen by a word of the question. */
interface Scenario {
  readonly asks: RegExp;
  /** Replies in order; the last one is text. */
  readonly replies: readonly ScriptedReply[];
}

export const bestCategoriesSql = `SELECT categories.name AS category, sum(order_items.quantity * order_items.unit_price) AS revenue
FROM shop.order_items
JOIN shop.orders ON orders.id = order_items.order_id
JOIN shop.product_variants ON product_variants.id = order_items.variant_id
JOIN shop.products ON products.id = product_variants.product_id
JOIN shop.categories ON categories.id = products.category_id
WHERE orders.status NOT IN ('cancelled', 'returned')
GROUP BY categories.name
ORDER BY revenue DESC
LIMIT 5`;

export const germanCategoriesSql = bestCategoriesSql.replace(
  'WHERE ',
  "JOIN shop.addresses ON addresses.id = orders.address_id\nJOIN shop.cities ON cities.id = addresses.city_id\nWHERE cities.country_code = 'DE'\n  AND ",
);

export const statusSql = 'SELECT status, count(*) AS orders FROM shop.orders GROUP BY status ORDER BY orders DESC';

export const cancelOrderSql = "UPDATE shop.orders SET status = 'cancelled' WHERE id = 42";

const call = (name: string, input: unknown): ScriptedTool => ({ name, input });
const usage = { input_tokens: 1_200, output_tokens: 180, cache_read_input_tokens: 6_400, cache_creation_input_tokens: 0 };

const scenarios: readonly Scenario[] = [
  {
    asks: /take a note/i,
    replies: [
      { tools: [call('propose_notes', { text: '# Demo shop\n- revenue is without cancelled and returned orders\n- test customers have an address at example.test\n', purpose: 'Adds that customers with an address at example.test are tests, as you said.' })], usage },
      { text: 'I have proposed the note; it is written when you accept it.', usage },
    ],
  },
  {
    asks: /german/i,
    replies: [
      { thinking: 'The same question, for German addresses. How is the country written?', tools: [call('lookup_values', { relation: 'shop.countries', column: 'name', text: 'german' })], usage },
      { tools: [call('run_query', { sql: germanCategoriesSql, title: 'Best categories in Germany' })], usage },
      { text: 'These are the five best categories for orders that went to **Germany**, by revenue without cancelled and returned orders.', usage },
    ],
  },
  {
    asks: /status/i,
    replies: [
      { thinking: 'Parts of a whole: a pie.', tools: [call('run_query', { sql: statusSql, title: 'Orders by status' })], usage },
      { tools: [call('propose_chart', { chart: { kind: 'pie', x: 'status', y: ['orders'], aggregate: 'sum' } })], usage },
      { text: 'Most orders were delivered.', usage },
    ],
  },
  {
    asks: /cancel|change|delete/i,
    replies: [
      { thinking: 'This changes data, so it can only be proposed.', tools: [call('propose_write', { sql: cancelOrderSql, purpose: 'Cancels order 42, as you asked.' })], usage },
      { text: 'I have proposed to cancel order 42. Please read the statement and decide; nothing has run.', usage },
    ],
  },
  {
    asks: /mistake/i,
    replies: [
      { tools: [call('show_sql', { sql: 'SELECT custmer_id, count(*) FROM shop.orders GROUP BY custmer_id', title: 'Orders for each customer' })], usage },
      { thinking: 'The column is called customer_id.', tools: [call('show_sql', { sql: 'SELECT customer_id, count(*) AS orders FROM shop.orders GROUP BY customer_id ORDER BY orders DESC LIMIT 10', title: 'Orders for each customer' })], usage },
      { text: 'Here is the query for the ten customers with the most orders.', usage },
    ],
  },
  {
    asks: /slow|story/i,
    replies: [{ thinking: 'A long answer.', text: 'Once upon a time there was a shop that sold many things to many people. '.repeat(40), pauseMs: 100, usage }],
  },
];

const bestCategories: Scenario = {
  asks: /./,
  replies: [
    { thinking: 'Revenue for each category: I need the lines of the orders, the products and their categories.', tools: [call('search_schema', { words: 'order items products categories revenue' })], usage },
    { text: 'Let me look at the tables.', tools: [call('describe', { relations: ['shop.order_items', 'shop.orders', 'shop.product_variants', 'shop.products', 'shop.categories'] })], usage },
    { tools: [call('run_query', { sql: bestCategoriesSql, title: 'Best categories by revenue' })], usage },
    { text: 'These are the **five best categories** by revenue. Cancelled and returned orders are left out.', usage },
  ],
};

/** For `startModelServer`: answers any question about the demo shop; a tool that failed is told as the answer. */
export function shopScript({ body }: ModelRequest): ScriptedReply {
  if (body.tools?.some((tool) => tool.name === 'ping')) return { tools: [call('ping', {})] };
  const question = lastQuestion(body);
  const { replies } = scenarios.find((scenario) => scenario.asks.test(question)) ?? bestCategories;
  const done = callsSinceQuestion(body).length;
  const failed = lastToolResults(body).find((result) => result.isError);
  if (failed && !/custmer_id/.test(failed.text)) return { text: `I could not do that: ${failed.text}` };
  // Every reply but the last makes exactly one call.
  return replies[Math.min(done, replies.length - 1)] ?? { text: 'I have nothing to say.' };
}
