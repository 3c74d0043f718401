package bot

import (
	"time"
)

// portalLinkLasts is how long a one-time link lets somebody in.
const portalLinkLasts = 15 * time.Minute

// portal gives a member their way to the web pages.
func portal(c *Call) error {
	switch {
	case c.world.portal == "":
		return refuse(noPortal)
	case !c.from.Frozen.IsZero():
		return refuse(frozen)
	}
	secret, err := c.tx.AddPortalLink(c.from.ID, c.now.Add(portalLinkLasts))
	if err != nil {
		return err
	}
	c.answer(portalLink, "you", c.from, "link", c.world.portal+"/enter/"+secret, "minutes", int(portalLinkLasts.Minutes()))
	return nil
}

func (c *Call) expirePortal() error { return c.tx.ExpirePortal(c.now) }
