package mask_test

import (
	"fmt"

	"warmline/escalate/mask"
)

func Example() {
	v := mask.New(mask.Everything, "Ina Berg")
	out := v.Mask("Ina Berg: write to ina@kunde.example about card 4111 1111 1111 1111, order 48213.")
	fmt.Println(out)
	fmt.Println(v.Restore("Dear [NAME_1], order 48213 is on its way. [CARD_9]"))
	// Output:
	// [NAME_1]: write to [EMAIL_1] about card [CARD_1], order 48213.
	// Dear Ina Berg, order 48213 is on its way. [CARD_9]
}

func ExampleBlank() {
	fmt.Println(mask.Blank("My card is 4111 1111 1111 1111, mail me at ina@kunde.example.", mask.Secrets, "[card or account hidden]"))
	// Output: My card is [card or account hidden], mail me at ina@kunde.example.
}
