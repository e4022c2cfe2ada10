"""Very many people beside very many programmes, in columns, equal to matching one by one."""
