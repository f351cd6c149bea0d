/*
 * Answers `conf --olddefconfig` for many configurations of one Kconfig file in one process.
 *
 * It is linked with the objects of a kernel's own conf, in place of conf.c: the Kconfig file is parsed once, and each
 * configuration goes through the kernel's conf_read and sym_calc_value, as in conf.c for --olddefconfig.
 *
 * Usage: batch Kconfig FILE. Each request on standard input is a number of bytes in decimal, a newline, and that many
 * bytes of a .config; they are written to FILE, which conf_read opens. Each answer is a line that starts with \x1e, its
 * fields parted by \x1f: for every symbol its value, what a user may set it to at most (n, m or y), and 1 where .config
 * gets a line; then the names of the symbols that are selected over unmet dependencies. The first line of all has the
 * symbols' names and types, in the order of the answers. Lines that start otherwise are conf's warnings.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lkc.h"
#if HASHED_SYMBOLS
#include "internal.h"
#endif

#define LIMIT 65536
#define UNMET "unmet direct dependencies detected for "

static struct symbol *symbols[LIMIT]; /* those with a name and a type come first */
static struct symbol fresh[LIMIT];
static int count, all;

static void remember(int named)
{
	struct symbol *sym;
#if HASHED_SYMBOLS
	for_all_symbols(sym)
#else
	int i;
	for_all_symbols(i, sym)
#endif
	{
		int told = sym->name && sym->type != S_UNKNOWN && !(sym->flags & SYMBOL_CONST) && !sym_is_choice(sym);

		if (named == told && all < LIMIT) {
			fresh[all] = *sym;
			symbols[all++] = sym;
		}
	}
	if (named)
		count = all;
}

/*
 * Reading a configuration leaves values, what was visible, and the order of a choice's members behind; each starts
 * from what parsing left. Whether MODULES has changed tells conf to look at it again, so that stays.
 */
static void forget(void)
{
	struct symbol_value modules = modules_sym->curr;

	for (int i = 0; i < all; i++)
		*symbols[i] = fresh[i];
	modules_sym->curr = modules;
#if MEMBER_LISTS
	struct menu *menu;

	menu_for_each_entry(menu) {
		if (!menu->sym || !sym_is_choice(menu->sym))
			continue;
		/* the members' links are those of the fresh list, so they lead to its ends */
		struct list_head *head = &menu->choice_members, *at;

		for (int i = 0; i < count; i++) {
			at = &symbols[i]->choice_link;
			if (at->prev == head)
				head->next = at;
			if (at->next == head)
				head->prev = at;
		}
	}
#endif
}

static void answer(const char *warnings)
{
	static const char letters[] = "nmy";

	putchar('\x1e');
	for (int i = 0; i < count; i++) {
		sym_calc_value(symbols[i]);
		printf("%s\x1f%c\x1f%d\x1f", sym_get_string_value(symbols[i]), letters[symbols[i]->visible],
		       (symbols[i]->flags & SYMBOL_WRITE) != 0);
	}
	for (const char *at = warnings; (at = strstr(at, UNMET)); ) {
		at += strlen(UNMET);
		printf("%.*s ", (int)strcspn(at, "\n"), at);
	}
	putchar('\n');
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static const char *types[] = { [S_BOOLEAN] = "bool", [S_TRISTATE] = "tristate", [S_INT] = "int",
				       [S_HEX] = "hex", [S_STRING] = "string" };
	static char text[1 << 20], said[1 << 16];
	int size, file;

	if (argc != 3)
		return 2;
	conf_parse(argv[1]);
	conf_set_message_callback(NULL);
	remember(1);
	remember(0);
	putchar('\x1e');
	for (int i = 0; i < count; i++)
		printf("%s %s%s", symbols[i]->name, types[symbols[i]->type], i + 1 < count ? " " : "");
	putchar('\n');
	fflush(stdout);
	file = open(argv[2], O_RDWR | O_CREAT, 0600);
	while (scanf("%d", &size) == 1 && getchar() == '\n' && size < (int)sizeof(text)) {
		FILE *errors = stderr;

		if (fread(text, 1, size, stdin) != (size_t)size)
			return 2;
		if (pwrite(file, text, size, 0) != size || ftruncate(file, size))
			return 2;
		memset(said, 0, sizeof(said));
		stderr = fmemopen(said, sizeof(said) - 1, "w");
		forget();
		if (conf_read(argv[2]))
			return 2;
		for (int i = 0; i < count; i++)
			sym_calc_value(symbols[i]);
		fclose(stderr);
		stderr = errors;
		answer(said);
	}
	return 0;
}
