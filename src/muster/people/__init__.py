"""People: who works with Muster, what each may do where and for what purpose, sign-in, and the rule of two people."""
